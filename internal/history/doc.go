// Package history computes and checks the hash chain over the recorded messages of an order.
//
// The database writes the chain (migration 00042, function chain_message), so that every writer
// makes the same one. This package computes the hashes independently of the database and therefore
// finds any row that was changed afterwards. All hashes are SHA-256 (FIPS 180-4).
//
//   - The hash of a message is Link(prev, content): SHA-256 over the hash of the message before it,
//     which the first message has not, followed by the content hash.
//   - The content hash is over these fields, each in the form of [field]: the format
//     "epkr-history-1"; order; sequence number; id of the message; kind; role, person and party of
//     the sender; id of the text; hash of the text; verdict; code; reason; SHA-256 of the outcome;
//     SHA-256 of the details; stage before; stage after; the times of receipt, of effect and of
//     recording. Ids are in lower case with hyphens, hashes in lower-case hexadecimal, times in
//     microseconds since 1970 UTC. Outcome and details are hashed as the text of a jsonb value.
//   - The hash of a text is SHA-256 over its salt of 16 random bytes followed by the text of its
//     jsonb value. Only the texts of applied messages are hashed, because others expire.
//
// The content hash of a message does not reveal the message. The chain can therefore be checked
// also by somebody who may see only some of the messages, or after texts were erased.
//
// The chain has no key: who can write to the database can compute a new one. What proves the
// history is a head, the hash of the last message, that stands outside the database. It covers all
// messages up to its own.
package history
