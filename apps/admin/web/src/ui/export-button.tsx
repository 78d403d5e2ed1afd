import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { ListEndpoint } from '../api/use-endpoint.js';
import type { LooseInput } from '../api/endpoint.js';
import { useApi } from '../session/session.js';
import { Button } from './button.js';
import { saveFile } from './save-file.js';
import { notify } from './notices.js';

export interface ExportButtonProps {
  name: ListEndpoint;
  input: LooseInput;
  /** Without ending: `servers`. */
  fileName: string;
}

/** Saves a list, as it is filtered, as a CSV file. */
export function ExportButton({ name, input, fileName }: ExportButtonProps) {
  const api = useApi();
  const save = useMutation({
    mutationFn: () => api.csv(name, input),
    onSuccess: (file) => saveFile(file, `${fileName}.csv`),
    onError: (error) => notify({ tone: 'wrong', text: `The file could not be made. ${error.message}` }),
  });
  return (
    <Button
      look="quiet"
      icon={<Download size={16} aria-hidden />}
      isPending={save.isPending}
      onPress={() => save.mutate()}
    >
      CSV
    </Button>
  );
}
