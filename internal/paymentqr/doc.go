// Package paymentqr makes the QR code by which a bank's app fills in a payment (ГОСТ Р 56042-2014
// «Двумерные символы штрихового кода для осуществления платежей физических лиц»): its bytes, its
// modules and an SVG.
//
// The symbol itself is made by rsc.io/qr. The payload is made here: no library for it can be had in Go.
package paymentqr
