-- A system proves itself by a signature instead of a secret, and connects with a certificate of its own.

ALTER TABLE credential ALTER secret_hash DROP NOT NULL;
ALTER TABLE credential ADD public_key TEXT;
ALTER TABLE credential ADD certificate_hash BYTEA;
ALTER TABLE credential ADD CONSTRAINT credential_proof_ck CHECK ((secret_hash IS NULL) = (public_key IS NOT NULL));
ALTER TABLE credential ADD CONSTRAINT credential_certificate_hash_ck CHECK (octet_length(certificate_hash) = 32);
COMMENT ON COLUMN credential.secret_hash IS 'シークレットのSHA-256: of 256 random bits; none with a public key';
COMMENT ON COLUMN credential.public_key IS '公開鍵 (JWK): by which the system proves itself, instead of a secret';
COMMENT ON COLUMN credential.certificate_hash IS '証明書のSHA-256: of the client certificate that the system connects with, if it must';

CREATE TABLE client_assertion (
    credential_id TEXT NOT NULL,
    number_hash BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT client_assertion_pk PRIMARY KEY (credential_id, number_hash),
    CONSTRAINT client_assertion_credential_id_fk FOREIGN KEY(credential_id) REFERENCES credential (credential_id)
);
COMMENT ON TABLE client_assertion IS '使用済みのクライアントアサーション: none is taken twice (RFC 7523); forgotten once it is too old';
COMMENT ON COLUMN client_assertion.credential_id IS '認証情報ID: whose key signed it';
COMMENT ON COLUMN client_assertion.number_hash IS 'アサーション番号 (jti) のSHA-256: taken once';
COMMENT ON COLUMN client_assertion.expires_at IS '保存期限: after it the assertion would be refused as too old';
CREATE INDEX client_assertion_expires_at_ix ON client_assertion (expires_at);
ALTER TABLE client_assertion ENABLE ROW LEVEL SECURITY;
