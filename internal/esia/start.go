package esia

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// signingProbe is signed once at start. It is not a request to ЕСИА, so its signature cannot be
// misused.
const signingProbe = "ЭПКР: проверка подписи при запуске"

// CheckSigning signs a probe and verifies the signature with the platform's own certificate, so
// that a wrong key, certificate, algorithm or command is found at start and not at the first
// sign-in. The error names the cause.
func (c *Client) CheckSigning(ctx context.Context) error {
	key, err := keyOf(c.own)
	if err != nil {
		return fmt.Errorf("esia: the platform's certificate %s cannot sign requests: %w", c.config.ClientCertificateFile, err)
	}
	signature := c.config.Signature
	if len(signature.Command) == 0 {
		if err := checkKeyKind(c.own, signature.KeyKind); err != nil {
			return err
		}
	}
	return c.trySigning(ctx, key, signature)
}

// checkKeyKind compares the algorithm of the certificate with the configured one.
func checkKeyKind(own *x509.Certificate, kind KeyKind) error {
	_, isRSA := own.PublicKey.(*rsa.PublicKey)
	switch {
	case isRSA && kind == GOST:
		return errors.New("esia: the platform's certificate has an RSA key, and the key kind is configured as gost")
	case !isRSA && kind == RSA:
		return errors.New("esia: the platform's certificate has a ГОСТ key, and the key kind is configured as rsa")
	}
	return nil
}

func (c *Client) trySigning(ctx context.Context, key tokenKey, signature SignatureConfig) error {
	form, byOpenSSL := signature.Form, len(signature.Command) == 0
	signed, err := c.signer.Sign(ctx, []byte(signingProbe))
	if err != nil && form == PKCS7 && byOpenSSL { // openssl refuses an envelope with the certificate of another key
		return fmt.Errorf("esia: the platform cannot sign, or the private key %s does not belong to its certificate %s: %w",
			signature.KeyFile, c.config.ClientCertificateFile, err)
	}
	if err == nil && form == PKCS7 && byOpenSSL { // sign again without the envelope, to verify the key
		signature.Form, form = Raw, Raw
		signed, err = signature.Signer(c.config.ClientCertificateFile).Sign(ctx, []byte(signingProbe))
	}
	if err != nil {
		return fmt.Errorf("esia: the platform cannot sign: %w", err)
	}
	if form == PKCS7 {
		return c.checkEnvelope(signed)
	}
	if key.verify([]byte(signingProbe), signed) != nil {
		return fmt.Errorf("esia: the private key does not belong to the platform's certificate %s: its signature does not verify", c.config.ClientCertificateFile)
	}
	return nil
}

// signedData is the object identifier of a PKCS#7 signature.
var signedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

// checkEnvelope checks that the output of a command is a PKCS#7 signature by the platform's
// certificate, which it names by issuer and serial number.
func (c *Client) checkEnvelope(signed []byte) error {
	var envelope struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	if rest, err := asn1.Unmarshal(signed, &envelope); err != nil || len(rest) > 0 || !envelope.Type.Equal(signedData) {
		return errors.New("esia: the signing command does not give a PKCS#7 signature in DER")
	}
	serial, err := asn1.Marshal(c.own.SerialNumber)
	if err != nil {
		return fmt.Errorf("esia: encoding the number of the platform's certificate: %w", err)
	}
	if !bytes.Contains(signed, append(bytes.Clone(c.own.RawIssuer), serial...)) {
		return fmt.Errorf("esia: the signing command signs with another certificate than %s", c.config.ClientCertificateFile)
	}
	return nil
}
