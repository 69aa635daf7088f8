package io.millrace.jobs.cli;

import io.millrace.ingestion.ImportProgress;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far an import has come, with its rate and the time that is left. */
abstract class ImportProgressDisplay implements ImportProgress, AutoCloseable {

  /** How progress is shown. */
  enum Style {
    /** A bar where standard error is a terminal, lines where it is not. */
    AUTO,
    BAR,
    /** A line every {@value #SECONDS_BETWEEN_LINES} seconds, for logs. */
    LINES,
    NONE
  }

  static final int SECONDS_BETWEEN_LINES = 10;

  /** The script {@code millrace} knows whether standard error is a terminal; Java does not. */
  private static final String IS_TERMINAL = "millrace.terminal";

  /**
   * @param err where lines go; a bar writes to the terminal itself
   */
  static ImportProgressDisplay of(Style style, PrintWriter err, Clock clock) {
    return switch (style) {
      case AUTO -> Boolean.getBoolean(IS_TERMINAL) ? new Bar(System.err) : new Lines(err, clock);
      case BAR -> new Bar(System.err);
      case LINES -> new Lines(err, clock);
      case NONE -> new Nothing();
    };
  }

  /** Ends the display; the bar's line is left as it is. */
  @Override
  public abstract void close();

  private static final class Nothing extends ImportProgressDisplay {
    @Override
    public void listed(long entries) {}

    @Override
    public void inspected(long entries, long total) {}

    @Override
    public void committing() {}

    @Override
    public void close() {}
  }

  /** A bar on a terminal, one line that is written again and again. */
  private static final class Bar extends ImportProgressDisplay {
    private final ProgressBar bar;

    Bar(PrintStream terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("import")
              .setInitialMax(-1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setUnit(" entries", 1)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(terminal))
              .build();
    }

    @Override
    public void listed(long entries) {
      bar.setExtraMessage(" listing");
      bar.stepTo(entries);
    }

    @Override
    public void inspected(long entries, long total) {
      bar.setExtraMessage(" inspecting");
      bar.maxHint(total);
      bar.stepTo(entries);
    }

    @Override
    public void committing() {
      bar.setExtraMessage(" committing");
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** Lines for a log, of an import that takes long enough to be watched. */
  private static final class Lines extends ImportProgressDisplay {
    private final PrintWriter out;
    private final Clock clock;
    private Instant lineAt;
    private Instant inspectingSince;
    private boolean saysMore;

    Lines(PrintWriter out, Clock clock) {
      this.out = out;
      this.clock = clock;
      this.lineAt = clock.instant();
      this.inspectingSince = lineAt;
    }

    @Override
    public synchronized void listed(long entries) {
      inspectingSince = clock.instant();
      sometimes("listing: %d found".formatted(entries));
    }

    @Override
    public synchronized void inspected(long entries, long total) {
      double seconds = seconds(inspectingSince);
      double rate = entries / Math.max(seconds, 0.001);
      sometimes(
          String.format(
              Locale.ROOT,
              "inspecting: %d of %d (%d %%), %.0f/s, %.0f s left",
              entries,
              total,
              entries * 100 / Math.max(1, total),
              rate,
              (total - entries) / Math.max(rate, 0.001)));
    }

    @Override
    public synchronized void committing() {
      if (saysMore) {
        line("committing");
      }
    }

    @Override
    public void close() {}

    private void sometimes(String text) {
      if (seconds(lineAt) >= SECONDS_BETWEEN_LINES) {
        lineAt = clock.instant();
        saysMore = true;
        line(text);
      }
    }

    private void line(String text) {
      out.println(text);
      out.flush();
    }

    private double seconds(Instant since) {
      return Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }
  }
}
