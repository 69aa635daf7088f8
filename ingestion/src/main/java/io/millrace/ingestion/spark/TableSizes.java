package io.millrace.ingestion.spark;

import io.millrace.dataset.Limits;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.table.CsvFileScan.Refused;
import io.millrace.ingestion.table.TableFile;
import java.util.Optional;

/** The sizes that a file of a table may have. */
final class TableSizes {
  private TableSizes() {}

  /** Why a file of such a size is not read. */
  static Optional<Refused> refusal(TableFile file, Limits limits) {
    if (file.sizeBytes() == 0) {
      return Optional.of(new Refused(RejectReason.EMPTY_FILE, "The file has no bytes."));
    }
    return file.sizeBytes() > limits.sampleBytes()
        ? Optional.of(
            new Refused(
                RejectReason.FILE_TOO_LARGE,
                "The file has %s bytes, the limit (limits.sampleBytes) is %s."
                    .formatted(file.sizeBytes(), limits.sampleBytes())))
        : Optional.empty();
  }
}
