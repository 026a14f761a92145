/** The registry's name of an engineer, beside that of ЕСИА where the two differ. */
export function RegistryName({ name }: { name: string | undefined }) {
  return name ? <div className="note">в реестре: {name}</div> : null;
}
