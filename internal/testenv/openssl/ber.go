package openssl

// ToBER returns a signature of DER with indefinite lengths, and with octet strings in two parts, as
// streaming programs write them. Certificates and signed attributes stay in DER, as RFC 5652 asks.
// OpenSSL itself writes no detached signatures in this form.
func ToBER(der []byte) []byte { return toBER(0, der) }

func toBER(depth int, der []byte) (ber []byte) {
	for len(der) > 0 {
		identifier, length, from := der[0], int(der[1]), 2
		if length >= 0x80 {
			count := length & 0x7f
			length = 0
			for _, b := range der[2 : 2+count] {
				length = length<<8 | int(b)
			}
			from += count
		}
		content := der[from : from+length]
		switch {
		case (identifier == 0xa0 || identifier == 0xa1) && depth > 1:
			ber = append(ber, der[:from+length]...)
		case identifier&0x20 != 0:
			ber = append(append(append(ber, identifier, 0x80), toBER(depth+1, content)...), 0, 0)
		case identifier == 4 && length > 2:
			ber = append(ber, 0x24, 0x80, 4, 1, content[0], 4, 0x82, byte((length-1)>>8), byte(length-1))
			ber = append(append(ber, content[1:]...), 0, 0)
		default:
			ber = append(ber, der[:from+length]...)
		}
		der = der[from+length:]
	}
	return ber
}
