"""Made from `messages.proto` by `make protobuf`; do not edit."""
