// Package goskey sends documents to a person's mobile application «Госключ» for signature by a
// qualified certificate (УКЭП), over the REST API of ЕПГУ.
//
// Sources: «Спецификация API ЕПГУ», version 1.12.1, and «Отправка документов на подпись в Госключ»,
// version 1.9 of 28.08.2025. The services are 10000000374 for natural persons and 60025907 for
// organisations and entrepreneurs.
//
// A signature takes minutes or hours, and there is no way to cancel a request. [Client.Reserve]
// therefore only gets the number of an order at ЕПГУ, which the caller records; [Client.Submit] sends
// the document under this number; [Client.Changed] tells of which orders the state has changed.
package goskey
