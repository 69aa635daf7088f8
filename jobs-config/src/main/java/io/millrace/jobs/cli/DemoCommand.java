package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.jobs.demo.Demo;
import io.millrace.jobs.demo.DemoConfig;
import io.millrace.jobs.demo.DemoInstaller;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace demo}. */
@Command(
    name = "demo",
    description = "Run the whole loop, from raw pictures to an evaluated model, on this machine.")
final class DemoCommand implements Callable<Integer> {
  private static final int DRAWN_SECONDS = 60;
  private static final int SOURCE_SECONDS = 150;

  @ParentCommand MillraceCommand millrace;
  @Spec CommandSpec spec;
  @Mixin SparkOptions spark;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Takes all that the demo makes (default: ${DEFAULT-VALUE}).")
  Path out = Path.of("millrace-demo");

  @Option(
      names = "--source",
      paramLabel = "DIR",
      description = "Real pictures in the VOC layout (default: pictures are drawn).")
  Path source;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      description = "How many to draw (default: ${DEFAULT-VALUE}).")
  int pictures = 600;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of drawing, split, groups and training (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(
      names = "--train-seconds",
      paramLabel = "N",
      description =
          "Training ends at the end of an epoch after that (default: 60; with --source 150).")
  Integer trainSeconds;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "Train with it (default: the first of python3 on the PATH and /usr/bin/python3 that"
              + " imports torch).")
  String python;

  @Option(
      names = "--install",
      description = "Get a Python with torch first, where there is none (Debian, as root).")
  boolean install;

  @Override
  public Integer call() throws Exception {
    DemoConfig config =
        new DemoConfig(
            out,
            Optional.ofNullable(source),
            pictures,
            seed,
            Optional.ofNullable(trainSeconds)
                .orElse(source == null ? DRAWN_SECONDS : SOURCE_SECONDS),
            Optional.ofNullable(python),
            spark.threads);
    Console console = millrace.options.console(spec);
    if (install) {
      DemoInstaller.installWhereMissing(config, console);
    }
    return new Demo(config, examples(), console).run();
  }

  private static Path examples() {
    String home = System.getProperty("millrace.home");
    if (home == null) {
      throw new DatasetException(
          "Cannot find the examples: the property millrace.home is not set. Start the demo with the script millrace.");
    }
    return Path.of(home, "examples");
  }
}
