package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.training.report.RunReport;
import io.millrace.training.report.RunReportPage;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train report}. */
@Command(
    name = "report",
    description =
        "Write a run as one HTML page that needs no network: state, metrics, utilisation, events.")
final class TrainReportCommand implements Callable<Integer> {
  @ParentCommand TrainCommand train;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the page goes (default: report.html in the run's directory).")
  Path out;

  @Override
  public Integer call() throws IOException {
    RunRecord run = RunRegistry.at(train.runs).find(name);
    Path file = Optional.ofNullable(out).orElse(run.directory().reportFile()).toAbsolutePath();
    RunReport report = RunReport.read(run, Instant.now());
    Files.createDirectories(file.getParent());
    Files.writeString(file, RunReportPage.render(report));
    Console console = train.millrace.options.console(spec);
    console.line("report: " + file);
    report.metrics().problems().forEach(console::line);
    console.json(
        JsonNodeFactory.instance
            .objectNode()
            .put("run", run.run().displayName())
            .put("report", file.toString()));
    return ExitCode.DONE;
  }
}
