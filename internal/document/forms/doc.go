// Package forms makes the standard documents (типовые формы): the contract, the act and the invoice of
// an order, and the protocol of a check of signatures. What they say is in texts/*.txt, which lawyers
// edit (the format is that of package template); this package knows the values: parties, works,
// amounts, dates, and what a check found.
//
// Values that contradict each other, or that a document needs and does not have, are an [Error] that
// names the field. The numbers of the parties are expected in the normal forms of package requisites;
// they are not checked again.
package forms
