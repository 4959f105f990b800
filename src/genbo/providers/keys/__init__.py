"""Key services (鍵サービス): key-encryption keys that never leave the service which keeps them.

Each implements `governance.key_wrapping.KeyWrapper`; the one of the laptop is a file (`storage.keyfile`). A service
that is away, sealed or refuses is a fault that says what to do; nothing is half done. What a service hears is data
keys and whose they are by id, never what the keys seal.
"""
