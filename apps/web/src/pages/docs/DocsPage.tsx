import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { lazy, Suspense } from "react";
import { docQuery, docsQuery } from "../../api/queries.ts";
import { EmptyState, FailedState, Skeleton } from "../../components/PanelState.tsx";
import { PageHeader } from "../../shell/PageHeader.tsx";

const Markdown = lazy(() => import("../../components/content/Markdown.tsx").then((module) => ({ default: module.Markdown })));

/** The documentation that belongs to this very version, served by this server. */
export function DocsPage() {
  const { slug } = useParams({ strict: false });
  const docs = useQuery(docsQuery);
  const shown = slug ?? (docs.data?.find((doc) => doc.slug === "getting-started") ?? docs.data?.[0])?.slug;
  if (docs.isError)
    return (
      <Frame>
        <FailedState title="The documentation could not be read" error={docs.error} onRetry={() => void docs.refetch()} />
      </Frame>
    );
  if (docs.data !== undefined && docs.data.length === 0)
    return (
      <Frame>
        <EmptyState icon={<BookOpen />} title="This build carries no documents" />
      </Frame>
    );
  return (
    <Frame>
      <div className="flex min-h-0 grow max-md:flex-col">
        <nav aria-label="Documents" className="w-56 shrink-0 overflow-y-auto border-r border-line p-2.5 max-md:w-full max-md:border-r-0 max-md:border-b">
          <ul className="flex flex-col gap-px max-md:flex-row max-md:overflow-x-auto">
            {docs.data?.map((doc) => (
              <li key={doc.slug}>
                <Link
                  to="/docs/$slug"
                  params={{ slug: doc.slug }}
                  aria-current={doc.slug === shown ? "page" : undefined}
                  className="flex h-[30px] items-center rounded-md px-2 whitespace-nowrap text-ink-2 hover:bg-hover hover:text-ink aria-[current=page]:bg-pressed/70 aria-[current=page]:font-medium aria-[current=page]:text-ink"
                >
                  {doc.title}
                </Link>
              </li>
            )) ?? <Skeleton className="h-24" />}
          </ul>
        </nav>
        <div key={shown} tabIndex={0} role="region" aria-label="Document" className="focus-inset min-w-0 grow overflow-y-auto">
          {shown === undefined ? null : <Document slug={shown} />}
        </div>
      </div>
    </Frame>
  );
}

function Frame({ children }: { children: React.ReactNode }) {
  return (
    <>
      <PageHeader title="Docs" />
      {children}
    </>
  );
}

function Document({ slug }: { slug: string }) {
  const doc = useQuery(docQuery(slug));
  if (doc.isError) return <FailedState title="This document could not be read" error={doc.error} onRetry={() => void doc.refetch()} />;
  return (
    <article className="mx-auto max-w-3xl px-6 py-8 max-md:px-4 max-md:py-5">
      {doc.data === undefined ? (
        <DocSkeleton />
      ) : (
        <Suspense fallback={<DocSkeleton />}>
          <Markdown text={doc.data.markdown} />
        </Suspense>
      )}
    </article>
  );
}

function DocSkeleton() {
  return (
    <div role="status" aria-label="Loading the document" className="flex flex-col gap-3">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-5/6" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  );
}
