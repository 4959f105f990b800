"""Why a system of an institution is not signed in, or its token is not taken."""

from genbo.compliance.entry import ReasonEntry, Text
from genbo.kernel import Reason

ENTRIES = (
    ReasonEntry(
        reason=Reason.TOKEN_EXPIRED,
        en=Text(
            "The access token has expired.",
            "Fetch another one at /v1/oauth/token, and send the request again under the same Idempotency-Key.",
        ),
        ja=Text(
            "アクセストークンの有効期間が過ぎています。",
            "/v1/oauth/token で新しいトークンを取得し、同じ Idempotency-Key で再送してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.CERTIFICATE_DIFFERS,
        en=Text(
            "It is bound to a client certificate, and the request came with another one or with none.",
            "Connect with the certificate for which it was issued. If it may be stolen, revoke the credential.",
        ),
        ja=Text(
            "クライアント証明書に紐付いていますが、リクエストの証明書が異なるか、ありません。",
            "発行時の証明書で接続してください。漏えいの疑いがある場合は認証情報を失効させてください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.ASSERTION_REFUSED,
        en=Text(
            "The client assertion is signed by the right key and still not taken: {claim}.",
            "Make a fresh one for each request: its aud as /v1/oauth/metadata says, a new jti, exp at most 5 minutes "
            "ahead; and check the clock.",
        ),
        ja=Text(
            "クライアントアサーションの署名は正しいものの、受け付けられません（{claim}）。",
            "リクエストごとに新しく作成し、aud は /v1/oauth/metadata の値、jti は未使用の値、exp は5分以内とし、"
            "時刻も確認してください。",
        ),
    ),
    ReasonEntry(
        reason=Reason.TOKEN_REQUEST_INVALID,
        en=Text(
            "The request for a token is not as it must be: {field} ({problem}).",
            "Send a form with grant_type=client_credentials and one kind of client authentication, as "
            "/v1/oauth/metadata says.",
        ),
        ja=Text(
            "トークンのリクエストが正しくありません（{field}：{problem}）。",
            "/v1/oauth/metadata に従い、grant_type=client_credentials とクライアント認証1種類を"
            "フォームで送ってください。",
        ),
    ),
)
