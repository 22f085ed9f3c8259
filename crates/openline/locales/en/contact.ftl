### Contacts: verifying, proposals, read-back.
