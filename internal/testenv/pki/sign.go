package pki

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"os"
	"time"
)

// Sign returns a detached signature of a document in DER. The options are those of `openssl cms`:
// -cades names the certificate, as КриптоПро does; without it the signature is as of «Госключ».
func (p *PKI) Sign(name string, document []byte, options ...string) ([]byte, error) {
	file, err := os.CreateTemp(p.Path(""), "document-*")
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(document)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return p.SignFile(name, file.Name(), options...)
}

// SignFile is Sign of a file.
func (p *PKI) SignFile(name, path string, options ...string) ([]byte, error) {
	digest, err := p.digestOf(name)
	if err != nil {
		return nil, err
	}
	out, err := p.Run(append([]string{
		"cms", "-sign", "-binary", "-in", path, "-outform", "DER", "-md", digest, "-signer", name + ".crt", "-inkey", name + ".key",
	}, options...)...)
	if err != nil {
		return nil, fmt.Errorf("signing by %s: %w\n%s", name, err, out)
	}
	return out, nil
}

// digestOf returns the hash that a key signs.
func (p *PKI) digestOf(name string) (string, error) {
	c, err := p.Certificate(name)
	if err != nil {
		return "", err
	}
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &info); err != nil {
		return "", fmt.Errorf("reading the key of %s: %w", name, err)
	}
	algorithm := map[string]string{
		"1.2.840.113549.1.1.1": "rsa", "1.2.643.7.1.1.1.2": "gost2012_512", "1.2.643.2.2.19": "gost2001",
	}[info.Algorithm.Algorithm.String()]
	return Key{Algorithm: algorithm}.digest(), nil
}

// Stamp returns a signature with a time stamp of a stamper (RFC 3161), of now: CAdES-T if the
// signature was CAdES-BES.
func (p *PKI) Stamp(signature []byte, by string) ([]byte, error) {
	value, err := Value(signature)
	if err != nil {
		return nil, err
	}
	token, err := p.Token(value, by)
	if err != nil {
		return nil, err
	}
	return AddToken(signature, token)
}

// Token returns the token of a time stamp on the value of a signature.
func (p *PKI) Token(value []byte, by string) ([]byte, error) {
	if err := p.write("stamped", value); err != nil {
		return nil, err
	}
	if err := p.write("stamps.serial", []byte("01\n")); err != nil {
		return nil, err
	}
	if err := p.run("ts", "-query", "-data", "stamped", "-md_gost12_256", "-cert", "-out", "stamp.tsq"); err != nil {
		return nil, err
	}
	if err := p.run("ts", "-reply", "-queryfile", "stamp.tsq", "-signer", by+".crt", "-inkey", by+".key", "-token_out", "-out", "stamp.der"); err != nil {
		return nil, err
	}
	token, err := os.ReadFile(p.Path("stamp.der"))
	if err != nil {
		return nil, fmt.Errorf("reading a time stamp: %w", err)
	}
	return token, nil
}

// TokenAt returns the token of a time stamp of any time, by any certificate. OpenSSL stamps with the
// present time and by certificates for time stamps only.
func (p *PKI) TokenAt(value []byte, by string, at time.Time) ([]byte, error) {
	type imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	digest := sha256.Sum256(value)
	info, err := asn1.Marshal(struct {
		Version int
		Policy  asn1.ObjectIdentifier
		Imprint imprint
		Number  int
		Time    time.Time `asn1:"generalized"`
	}{
		1,
		asn1.ObjectIdentifier{1, 2, 643, 2, 2, 38, 4},
		imprint{pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}}, digest[:]},
		1, at.UTC().Truncate(time.Second),
	})
	if err != nil {
		return nil, fmt.Errorf("making a time stamp: %w", err)
	}
	return p.Sign(by, info, "-nodetach", "-cades", "-econtent_type", "1.2.840.113549.1.9.16.1.4")
}

// Value returns the value of a signature, which time stamps are about.
func Value(signature []byte) (value []byte, err error) {
	_, err = rewriteSigner(signature, func(signer []asn1.RawValue) []asn1.RawValue {
		for _, member := range signer {
			if member.Class == asn1.ClassUniversal && member.Tag == asn1.TagOctetString {
				value = member.Bytes
			}
		}
		return signer
	})
	return value, err
}

// WithAlgorithm returns a signature whose algorithm has another identifier, which nothing signs:
// «Госключ» names the algorithm of the key, КриптоПро that of the key with its hash.
func WithAlgorithm(signature []byte, algorithm asn1.ObjectIdentifier) ([]byte, error) {
	der, err := asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: algorithm})
	if err != nil {
		return nil, fmt.Errorf("naming an algorithm: %w", err)
	}
	return rewriteSigner(signature, func(signer []asn1.RawValue) []asn1.RawValue {
		for i, member := range signer {
			if i > 2 && member.Class == asn1.ClassUniversal && member.Tag == asn1.TagSequence {
				signer[i] = asn1.RawValue{FullBytes: der}
			}
		}
		return signer
	})
}

// AddToken returns a signature with the token of a time stamp in its unsigned attributes.
func AddToken(signature, token []byte) ([]byte, error) {
	attribute, err := asn1.Marshal(struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}, []asn1.RawValue{{FullBytes: token}}})
	if err != nil {
		return nil, fmt.Errorf("adding a time stamp: %w", err)
	}
	return rewriteSigner(signature, func(signer []asn1.RawValue) []asn1.RawValue {
		return append(signer, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: attribute})
	})
}

// rewriteSigner changes the members of the first signer of a signature in DER.
func rewriteSigner(signature []byte, change func([]asn1.RawValue) []asn1.RawValue) ([]byte, error) {
	var info struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(signature, &info); err != nil {
		return nil, fmt.Errorf("reading a signature: %w", err)
	}
	content, err := rewriteLast(info.Content.Bytes, func(signers []byte) ([]byte, error) {
		return rewriteLast(signers, func(signer []byte) ([]byte, error) {
			var members []asn1.RawValue
			if _, err := asn1.Unmarshal(signer, &members); err != nil {
				return nil, err
			}
			return asn1.Marshal(change(members))
		})
	})
	if err != nil {
		return nil, fmt.Errorf("changing a signature: %w", err)
	}
	info.Content = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: content}
	return asn1.Marshal(info)
}

// rewriteLast changes the last member of a sequence or set in DER.
func rewriteLast(der []byte, change func([]byte) ([]byte, error)) ([]byte, error) {
	var whole asn1.RawValue
	if _, err := asn1.Unmarshal(der, &whole); err != nil {
		return nil, err
	}
	var before []byte
	for rest := whole.Bytes; ; {
		var member asn1.RawValue
		after, err := asn1.Unmarshal(rest, &member)
		if err != nil {
			return nil, err
		}
		if len(after) == 0 {
			changed, err := change(member.FullBytes)
			if err != nil {
				return nil, err
			}
			whole.Bytes, whole.FullBytes = append(before, changed...), nil
			return asn1.Marshal(whole)
		}
		before, rest = append(before, member.FullBytes...), after
	}
}
