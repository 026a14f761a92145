/** Shows the platform's name, on a phone its short form. */
export function PlatformName() {
  return (
    <span className="platform-name">
      <img src="/favicon.svg" alt="" width={32} height={32} />
      <span className="name-long">Электронная платформа кадастровых работ</span>
      <abbr className="name-short" title="Электронная платформа кадастровых работ">
        ЭПКР
      </abbr>
    </span>
  );
}
