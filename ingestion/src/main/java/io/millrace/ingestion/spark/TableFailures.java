package io.millrace.ingestion.spark;

import io.millrace.dataset.DatasetException;
import io.millrace.ingestion.table.TableErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What Spark wraps around the failure of a source. */
final class TableFailures {
  private TableFailures() {}

  /** The failure for the user, if a source caused it and not a defect of ours. */
  static Optional<DatasetException> explained(String source, Throwable failure) {
    List<Throwable> causes = causes(failure);
    return first(causes, DatasetException.class)
        .or(() -> first(causes, SQLException.class).map(e -> TableErrors.readFailed(source, e)))
        .or(
            () ->
                first(causes, UncheckedIOException.class)
                    .map(e -> TableErrors.readFailed(source, e.getCause())))
        .or(() -> first(causes, IOException.class).map(e -> TableErrors.readFailed(source, e)));
  }

  /** What the innermost cause says. */
  static String root(Throwable failure) {
    List<Throwable> causes = causes(failure);
    return String.valueOf(causes.get(causes.size() - 1).getMessage());
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, each -> each != null, Throwable::getCause).toList();
  }

  private static <T extends Throwable> Optional<T> first(List<Throwable> causes, Class<T> type) {
    return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
  }
}
