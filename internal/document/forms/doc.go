// Package forms makes the standard documents (типовые формы) of an order: the contract, the act and
// the invoice. What they say is in texts/*.txt, which lawyers edit (the format is that of package
// template); this package knows the values: parties, works, amounts and dates.
//
// Values that contradict each other, or that a document needs and does not have, are an [Error] that
// names the field. The numbers of the parties are expected in the normal forms of package requisites;
// they are not checked again.
package forms
