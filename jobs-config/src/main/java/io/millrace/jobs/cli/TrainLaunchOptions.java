package io.millrace.jobs.cli;

import static io.millrace.jobs.training.Backend.LOCAL;
import static io.millrace.jobs.training.Backend.SLURM;
import static io.millrace.jobs.training.Backend.SPARK;

import io.millrace.dataset.DatasetException;
import io.millrace.training.diagnosis.DiagnosisCatalogue;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.gang.NodeChecks;
import io.millrace.training.hang.HangSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code train submit} on how a run is launched and watched. */
final class TrainLaunchOptions {
  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      description = "From SIGTERM to SIGKILL when a run is stopped (default: 30).")
  String grace;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "The interpreter. local: of this machine (default: the first of python3 on the PATH and"
              + " /usr/bin/python3 that imports the framework); slurm, spark: on the nodes (default:"
              + " python3); volcano: in the image (default: python).")
  String python;

  @Option(
      names = "--sync-period",
      paramLabel = "SECONDS",
      description = "Between two looks at the outputs while the job runs (default: 5).")
  @OfBackends({LOCAL, SLURM, SPARK})
  String syncPeriod;

  @Option(
      names = "--no-install",
      description = "Do not install the code's requirements.txt on the nodes.")
  @OfBackends({LOCAL, SLURM, SPARK})
  boolean noInstall;

  @Option(
      names = "--check-nodes",
      paramLabel = "WHEN",
      description =
          "Check nodes before a job: always, never, or with-retries, for jobs that are started"
              + " again after a failure (default: with-retries).")
  @OfBackends({LOCAL, SLURM, SPARK})
  String checkNodes;

  @Option(
      names = "--check",
      split = ",",
      paramLabel = "PLACE=SIZE",
      description =
          "Free space that a node must have: root=32GB,shm=1GB,cache=32GB (these are the defaults;"
              + " 0 for none).")
  @OfBackends({LOCAL, SLURM, SPARK})
  List<String> checks = List.of();

  @Option(
      names = "--hang-period",
      paramLabel = "SECONDS",
      description = "Between two looks for signs of life (default: 300).")
  @OfBackends({LOCAL, SLURM, SPARK})
  String hangPeriod;

  @Option(
      names = "--hang-quiet-periods",
      paramLabel = "N",
      description = "Periods without any sign until a hang is suspected (default: 2).")
  @OfBackends({LOCAL, SLURM, SPARK})
  String hangQuietPeriods;

  @Option(
      names = "--hang-action",
      paramLabel = "ACTION",
      description = "What follows: report, or stop, which fails the job (default: report).")
  @OfBackends({LOCAL, SLURM, SPARK})
  String hangAction;

  @Option(
      names = "--error-catalogue",
      paramLabel = "FILE",
      description = "Known errors of one's own, looked for before those that Millrace brings.")
  String errorCatalogue;

  Optional<Duration> grace(OptionTexts texts) {
    return texts.make(grace, text -> OptionTexts.seconds("grace", text));
  }

  /** The errors that are looked for in the logs of a failed run. */
  DiagnosisCatalogue catalogue(OptionTexts texts) {
    return texts
        .make(errorCatalogue, text -> precededBy(Path.of(text)))
        .orElseGet(DiagnosisCatalogue::shipped);
  }

  /** The settings of back ends whose processes end with their launcher. */
  LaunchSettings settings(Path runs, OptionTexts texts) {
    LaunchSettings settings = LaunchSettings.of(runs).withStorage(new StoresByAddress());
    settings =
        texts.with(settings, grace, (s, text) -> s.withGrace(OptionTexts.seconds("grace", text)));
    settings =
        texts.with(
            settings,
            syncPeriod,
            (s, text) -> s.withSyncPeriod(OptionTexts.seconds("sync-period", text)));
    if (noInstall) {
      settings = settings.withPackages(LaunchSettings.Packages.LEFT_ALONE);
    }
    settings = settings.withCatalogue(catalogue(texts));
    return settings.withChecks(checks(texts)).withHang(hang(texts));
  }

  private NodeChecks checks(OptionTexts texts) {
    NodeChecks all = NodeChecks.DEFAULT;
    all =
        texts.with(
            all,
            checkNodes,
            (c, text) -> c.withWhen(word(NodeChecks.When.class, "check-nodes", text)));
    return texts.attempt(
        all,
        before -> {
          NodeChecks changed = before;
          for (Map.Entry<String, String> each : OptionTexts.pairs("check", checks).entrySet()) {
            changed =
                changed.withFreeBytes(each.getKey(), OptionTexts.bytes("check", each.getValue()));
          }
          return changed;
        });
  }

  private HangSettings hang(OptionTexts texts) {
    HangSettings hang = HangSettings.DEFAULT;
    hang =
        texts.with(
            hang, hangPeriod, (h, text) -> h.withPeriod(OptionTexts.seconds("hang-period", text)));
    hang =
        texts.with(
            hang,
            hangQuietPeriods,
            (h, text) -> h.withQuietPeriods(OptionTexts.number("hang-quiet-periods", text)));
    return texts.with(
        hang,
        hangAction,
        (h, text) -> h.withAction(word(HangSettings.Action.class, "hang-action", text)));
  }

  private static DiagnosisCatalogue precededBy(Path file) {
    if (!Files.isReadable(file)) {
      throw new DatasetException(
          "Invalid error-catalogue: %s does not exist or cannot be read (give a JSON file)"
              .formatted(file));
    }
    try {
      return DiagnosisCatalogue.shipped().precededBy(DiagnosisCatalogue.read(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static <E extends Enum<E>> E word(Class<E> type, String option, String text) {
    String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    List<String> words =
        Arrays.stream(type.getEnumConstants())
            .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    throw new DatasetException(
        "Invalid %s: '%s' (expected %s)".formatted(option, text, String.join(", ", words)));
  }
}
