// Package pdfa checks whether a PDF file that a person brings is PDF/A (ISO 19005), parts 1 to 4: it
// names each thing that is wrong in Russian, and says what was checked.
//
// It checks what the objects of the file tell: its structure, metadata, output intent, fonts, images,
// transparency, annotations, actions and attachments. It does not read the contents of pages, so it
// does not know which colours and which letters of a font they use: see [Report.NotChecked]. For the
// same reason it is stricter than the standard in these points:
//   - there must be an output intent, even if every colour is independent of devices;
//   - a font of a page must be embedded, even if no visible text uses it;
//   - JavaScript and other active content are refused in PDF/A-4e too, since what is signed must not
//     change;
//   - a file whose reading takes more work than the limits of package cos is refused.
//
// The input is hostile. The memory and time of a check do not depend on the size of the file. No
// library that can be had in Go checks PDF/A; veraPDF and PDFBox Preflight, which judges part 1b alone,
// need Java.
package pdfa
