// Package waiting measures what orders that wait for their next message cost the worker: its memory, and how it copes with many
// messages at once. It judges no order and knows nothing of what a message changes; the one that it sends is the registry's word
// on an order's performer, which suspends the order, or lets it go on.
package waiting
