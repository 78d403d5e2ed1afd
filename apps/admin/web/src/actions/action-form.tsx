import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import type { ApiClient } from '../api/api-client.js';
import { ApiError } from '../api/api-error.js';
import type { ActionResult, Impact } from '../api/contract.js';
import { useApi } from '../session/session.js';
import { Button } from '../ui/button.js';
import { notify, type Notice } from '../ui/notices.js';
import { Failure, Loading } from '../ui/page-states.js';
import { TextField } from '../ui/text-field.js';
import { ImpactNotice } from './impact-notice.js';

/** A preview changes nothing and is not audited, so its reason is a matter of form only. */
const PREVIEW_REASON = 'preview';

export interface ActionFormProps<Result extends ActionResult> {
  /** What the action is, in a sentence or two, where its name does not say it all. */
  explanation?: ReactNode;
  confirmLabel: string;
  isDangerous?: boolean;
  /** Asks for a reason of 1 to 200 characters; the text says who will read it. */
  reasonHint?: string;
  /** Asks what the action would do. The impact is shown before the action can be confirmed. */
  preview?: {
    /** Changes when the answer would. */
    key: readonly unknown[];
    ask: (api: ApiClient, reason: string, signal: AbortSignal) => Promise<Impact>;
  };
  /** False while a field of `children` is not filled in. */
  isComplete?: boolean;
  /** Fields beside the reason. `impact` is null until it is known. */
  children?: (impact: Impact | null) => ReactNode;
  run: (api: ApiClient, reason: string) => Promise<Result>;
  /** What to say and where to point when it is done; what the server said, unless given. */
  notice?: (result: Result) => Notice;
  onDone: (result: Result) => void;
  onCancel: () => void;
}

/** Asks before something is done: says what will happen and to how many, takes the reason, does it, and says what came of it. */
export function ActionForm<Result extends ActionResult>(props: ActionFormProps<Result>) {
  const { preview, reasonHint, isComplete = true } = props;
  const api = useApi();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const previewed = useQuery({
    queryKey: ['preview', ...(preview?.key ?? [])],
    queryFn: ({ signal }) => preview?.ask(api, PREVIEW_REASON, signal) ?? null,
    enabled: preview !== undefined && isComplete,
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const action = useMutation<Result>({
    mutationFn: () => props.run(api, reason.trim()),
    onSuccess: (result) => {
      notify(props.notice?.(result) ?? { tone: 'plain', text: result.done });
      void client.invalidateQueries();
      props.onDone(result);
    },
  });
  const problem = action.error instanceof ApiError ? action.error : null;
  // The same object until the server refuses again: another one would put the errors back that the typing took away.
  const fieldErrors = useMemo(
    () => Object.fromEntries((problem?.fields ?? []).map((field) => [field.field, field.message])),
    [problem],
  );
  const impact = problem?.impact ?? previewed.data ?? null;
  const canConfirm =
    isComplete &&
    (reasonHint === undefined || reason.trim() !== '') &&
    (preview === undefined || impact !== null);

  return (
    <Form
      className="form"
      validationErrors={fieldErrors}
      onSubmit={(event) => {
        event.preventDefault();
        if (canConfirm && !action.isPending) action.mutate();
      }}
    >
      {props.explanation === undefined ? null : <div className="muted">{props.explanation}</div>}
      {preview !== undefined && isComplete ? (
        <div aria-live="polite">
          {impact !== null ? <ImpactNotice impact={impact} /> : null}
          {impact === null && previewed.isFetching ? <Loading what="what will happen" /> : null}
          {impact === null && previewed.error ? (
            <Failure
              what="It cannot be said what would happen."
              error={previewed.error}
              onRetry={() => void previewed.refetch()}
            />
          ) : null}
        </div>
      ) : null}
      {props.children?.(impact)}
      {reasonHint === undefined ? null : (
        <TextField
          label="Reason"
          name="reason"
          hint={reasonHint}
          value={reason}
          onChange={setReason}
          maxLength={200}
          isRequired
          autoComplete="off"
        />
      )}
      {action.error ? <Failure what="It was not done." error={action.error} /> : null}
      <div className="form-actions">
        <Button onPress={props.onCancel}>Cancel</Button>
        <Button
          type="submit"
          look={props.isDangerous ? 'danger' : 'primary'}
          isDisabled={!canConfirm}
          isPending={action.isPending}
        >
          {props.confirmLabel}
        </Button>
      </div>
    </Form>
  );
}
