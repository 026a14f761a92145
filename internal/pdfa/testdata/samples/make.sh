#!/bin/sh
# Makes the samples of this folder anew, in the folder itself. It needs the Debian packages
# libreoffice-writer-nogui, ghostscript, icc-profiles-free, fop, img2pdf, imagemagick, qpdf and
# fonts-liberation.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

office() { # format, name of the result
  soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$1" --outdir "$work" "$2" >"$work/log"
}
profile=/usr/share/color/icc/sRGB.icc

office odt contract.html
for part in 0 1 2 3; do
  office "pdf:writer_pdf_Export:{\"SelectPdfVersion\":{\"type\":\"long\",\"value\":\"$part\"},\"UseTaggedPDF\":{\"type\":\"boolean\",\"value\":\"true\"}}" "$work/contract.odt"
  mv "$work/contract.pdf" "libreoffice-$part.pdf"
done
for format in docx doc rtf; do
  office "$format" "$work/contract.odt"
  mv "$work/contract.$format" .
done
cp "$work/contract.odt" .

sed "s#(srgb.icc)#($profile)#" /usr/share/ghostscript/*/lib/PDFA_def.ps >"$work/definitions.ps"
for part in 1 2 3; do
  gs -q -dPDFA=$part -dPDFACompatibilityPolicy=1 -dBATCH -dNOPAUSE "--permit-file-read=$profile" \
    -sColorConversionStrategy=RGB -sDEVICE=pdfwrite "-sOutputFile=ghostscript-$part.pdf" \
    "$work/definitions.ps" libreoffice-0.pdf 2>"$work/log"
done
gs -q -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -sOutputFile=ghostscript-0.pdf libreoffice-0.pdf

for level in 1a 1b 2a 2u 3b; do
  fop -q -c fop.xml -pdfprofile "PDF/A-$level" -fo contract.fo -pdf "fop-$level.pdf" 2>"$work/log"
done

convert -size 120x80 gradient:navy-white "$work/scan.jpg"
img2pdf --pdfa="$profile" --output img2pdf-1b.pdf "$work/scan.jpg"
cp "$work/scan.jpg" scan.jpg

qpdf --linearize --newline-before-endstream --object-streams=preserve libreoffice-1.pdf linearized-1a.pdf
qpdf --linearize --newline-before-endstream --object-streams=generate libreoffice-2.pdf linearized-2b.pdf
qpdf --newline-before-endstream --object-streams=generate --compression-level=9 libreoffice-3.pdf streams-3b.pdf
qpdf --encrypt '' owner 256 -- libreoffice-0.pdf encrypted.pdf
