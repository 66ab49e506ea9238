import { ORPCError } from '@orpc/contract';
import { z } from 'zod';
import { AppError, type ErrorCode, isErrorCode } from '../errors/AppError.ts';

const wireCode = 'STORYLOOM';

/** An AppError as it crosses a process border: code, message and plain details. */
export const ErrorReportSchema = z.object({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  details: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
  ),
});

/** Whatever a handler threw, ready for the wire: no stack, no cause. */
export function toWire(thrown: unknown): ORPCError<string, unknown> {
  if (thrown instanceof ORPCError) return thrown;
  const report = AppError.from(thrown).toReport();
  return new ORPCError(wireCode, { message: report.message, data: report, status: 400 });
}

/** What arrived from the other side, as an AppError again. A refused shape becomes `input/invalid`. */
export function fromWire(thrown: unknown): AppError {
  if (!(thrown instanceof ORPCError)) return AppError.from(thrown);
  const report = ErrorReportSchema.safeParse(thrown.data);
  if (thrown.code === wireCode && report.success) return AppError.fromReport(report.data);
  const code: ErrorCode = thrown.code === 'BAD_REQUEST' ? 'input/invalid' : 'internal/unexpected';
  return new AppError(code, thrown.message, { cause: thrown });
}
