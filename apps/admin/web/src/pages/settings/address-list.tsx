import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ApiError } from '../../api/api-error.js';
import type { AddressEntry, AddressListView } from '../../api/contract.js';
import { useApi } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import { Fact, Facts } from '../../ui/facts.js';
import { notify } from '../../ui/notices.js';
import { Empty, Failure } from '../../ui/page-states.js';
import { TextField } from '../../ui/text-field.js';

/** The first lock: the addresses from which the dashboard can be reached at all. */
export function AddressList({ addresses }: { addresses: AddressListView }) {
  const api = useApi();
  const client = useQueryClient();
  const [entries, setEntries] = useState<AddressEntry[]>(addresses.entries);
  const save = useMutation({
    mutationFn: (force: boolean) =>
      api.request('PUT /api/settings/addresses', {
        body: {
          entries: entries.map((entry) => ({ address: entry.address.trim(), note: entry.note.trim() })),
          ...(force ? { force: true } : {}),
        },
      }),
    onSuccess: (result) => {
      notify({ tone: 'plain', text: result.done });
      void client.invalidateQueries();
    },
  });
  const change = (at: number, part: Partial<AddressEntry>) =>
    setEntries(entries.map((entry, index) => (index === at ? { ...entry, ...part } : entry)));
  const isChanged = JSON.stringify(entries) !== JSON.stringify(addresses.entries);
  const locksOut = save.error instanceof ApiError && save.error.code === 'would-lock-out';

  return (
    <Form
      className="address-list"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(false);
      }}
    >
      <Facts>
        <Fact name="You come from">
          <code>{addresses.own}</code>
        </Fact>
        <Fact name="Always allowed">
          <code>{addresses.fixed.join(', ') || 'none'}</code>
          <span className="fact-note">
            from <code>RANKED_ADMIN_ALLOW</code>
          </span>
        </Fact>
        <Fact name="Others are dropped">
          {addresses.kernelFilter.active ? 'in the kernel, before an answer' : 'at accept'}
          {addresses.kernelFilter.reason === null ? null : (
            <span className="fact-note">{addresses.kernelFilter.reason}</span>
          )}
        </Fact>
      </Facts>
      {entries.length === 0 ? <Empty>Nothing was added here.</Empty> : null}
      <ul className="address-rows">
        {entries.map((entry, index) => (
          <li key={index} className="address-row">
            <TextField
              label={`Address ${index + 1}`}
              value={entry.address}
              onChange={(address) => change(index, { address })}
              placeholder="192.0.2.0/24"
              isRequired
              autoComplete="off"
            />
            <TextField
              label={`Note ${index + 1}`}
              value={entry.note}
              onChange={(note) => change(index, { note })}
              maxLength={100}
              autoComplete="off"
            />
            <Button
              look="quiet"
              aria-label={`Remove address ${index + 1}`}
              icon={<Trash2 size={16} aria-hidden />}
              onPress={() => setEntries(entries.filter((_entry, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
      {save.error ? <Failure what="The list was not changed." error={save.error} /> : null}
      {save.error instanceof ApiError && save.error.fields.length > 0 ? (
        <ul className="field-error">
          {save.error.fields.map((field) => (
            <li key={field.field}>
              {field.field}: {field.message}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="form-actions form-actions-start">
        <Button
          icon={<Plus size={16} aria-hidden />}
          onPress={() => setEntries([...entries, { address: '', note: '' }])}
          isDisabled={entries.length >= 256}
        >
          Add an address
        </Button>
        <Button type="submit" look="primary" isDisabled={!isChanged} isPending={save.isPending}>
          Save the list
        </Button>
        {locksOut ? (
          <Button look="danger" onPress={() => save.mutate(true)}>
            Save it, and lock me out
          </Button>
        ) : null}
      </div>
    </Form>
  );
}
