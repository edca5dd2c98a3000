"""The platform dialect: tenant headers and the {code, message, data, request-id} envelope."""
