// Package mchd reads machine-readable powers of attorney (МЧД) of the unified format 003 (EMCHD_1,
// order of the ФНС and the Минцифры, schema ON_EMCHD_1_928_00_01_01_01) and judges what they say:
// who gave authority to whom, until when and for what. Who signed a power of attorney is checked by
// internal/signature; whether it was revoked, by a [Registry].
//
// Its inputs are hostile: any bytes give a power of attorney or an error of this package, with memory
// of a small multiple of their size, which is limited.
package mchd
