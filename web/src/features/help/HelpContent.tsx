import { useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { loadChunk } from '@/shared/routing/loadChunk';
import type { Page } from '@/shared/routing/page';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { useSession } from '@/shared/auth/session';
import general from './general';
import { guidesFor } from './guides';
import type { HelpText } from '@/shared/routing/helpText';
import { queryKeys } from '@/shared/queryKeys';
import './help.css';

/** Shows the help of a page, then the general help and the guides. */
export default function HelpContent({ page }: { page: Page }) {
  const { role } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.help.page(page.path),
    queryFn: async () => (await loadChunk(page.help)).default,
    staleTime: 'static',
  });
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- lets keyboard users scroll a long text
    <div tabIndex={0} role="region" aria-label="Текст справки">
      <Parts help={data} />
      <Parts help={general} />
      <Parts help={guidesFor(role)} />
    </div>
  );
}

function Parts({ help }: { help: HelpText }) {
  return (
    <section>
      <Typography.Title level={2} className="help-title">
        {help.title}
      </Typography.Title>
      {help.parts.map(({ heading, text }) => (
        <div key={heading}>
          <Typography.Title level={3} className="help-heading">
            {heading}
          </Typography.Title>
          {text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
      ))}
    </section>
  );
}
