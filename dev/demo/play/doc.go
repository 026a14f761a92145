// Package play plays orders through on a running platform, from the draft to their end, as the test
// users: each signs in by ЕСИА, sends his messages, and reads the card after every step.
//
// It uses only the public API and never reads the database or Temporal. Expected results are not
// listed: the rules of internal/order decide every message here too, and the platform's card must
// show the same stage and the same available actions to every party. Its inputs are the platform's
// address and a list of orders.
package play
