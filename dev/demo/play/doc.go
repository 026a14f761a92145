// Package play plays orders through on a running platform, from the draft to their end, as the people of the cast: each signs
// in through ЕСИА, sends what he would send, and looks at the card after every step.
//
// It uses the public API only and never looks into the database or Temporal. What should come is not written down twice: every
// message is judged here by the rules of internal/order too, and the platform's card has to show the same stage and the same
// open actions to every party. Its inputs are the platform's address and a list of orders.
package play
