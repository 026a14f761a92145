import type { SigningCertificate } from './certificates';
import type { Plugin } from './plugin';
import { maxSignedBytes, pluginError, signingError } from './problems';

// Constants of CAdESCOM.
const signingTime = 0;
const base64ToBinary = 1;
const cadesBES = 1;

/** Returns a detached signature (CAdES-BES) of a document in DER. */
export async function signDetached(plugin: Plugin, certificate: SigningCertificate, document: Blob): Promise<Blob> {
  if (document.size > maxSignedBytes) throw signingError('document_large');
  const content = await toBase64(document);
  try {
    const time = await plugin.CreateObjectAsync('CAdESCOM.CPAttribute');
    await time.propset_Name(signingTime);
    await time.propset_Value(new Date());
    const signer = await plugin.CreateObjectAsync('CAdESCOM.CPSigner');
    await signer.propset_Certificate(certificate.handle);
    await (await signer.AuthenticatedAttributes2).Add(time);
    const data = await plugin.CreateObjectAsync('CAdESCOM.CadesSignedData');
    await data.propset_ContentEncoding(base64ToBinary);
    await data.propset_Content(content);
    // SignHash fails in the certified plug-in 2.0.13642.
    const signature = await data.SignCades(signer, cadesBES, true);
    return new Blob([bytesOf(signature)], { type: 'application/pkcs7-signature' });
  } catch (error) {
    throw pluginError(error);
  }
}

function toBase64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('the document cannot be read'));
    reader.readAsDataURL(blob);
  });
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64.replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
