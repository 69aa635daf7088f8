package io.millrace.jobs.cli;

import static io.millrace.jobs.training.Backend.SPARK;

import io.millrace.training.DeviceType;
import io.millrace.training.TrainingJob;
import io.millrace.training.spark.BarrierSettings;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options of {@code train submit} for the back end {@code spark}. */
final class TrainSparkOptions {
  private static final String PYTHON = "python3";

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master, such as spark://HOST:7077, yarn or k8s://… (default: that of"
              + " spark-submit).")
  @OfBackends(SPARK)
  String master;

  @Option(
      names = "--spark-conf",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of the Spark application, such as spark.executor.instances=2. May be repeated.")
  @OfBackends(SPARK)
  List<String> configuration = List.of();

  @Option(
      names = "--spark-resource",
      paramLabel = "NAME",
      description =
          "Spark's name of the devices (default: gpu or npu, as the job's device-type; none for"
              + " cpu).")
  @OfBackends(SPARK)
  String resource;

  @Option(
      names = "--slot-patience",
      paramLabel = "SECONDS",
      description =
          "How long Spark may have fewer slots than the job has nodes before it fails (default: 30).")
  @OfBackends(SPARK)
  String slotPatience;

  /** All but what the job decides. */
  BarrierSettings settings(String python, String cpusPerNode, OptionTexts texts) {
    BarrierSettings settings = BarrierSettings.of(PYTHON);
    settings = texts.with(settings, python, (s, text) -> BarrierSettings.of(text));
    settings = texts.with(settings, resource, BarrierSettings::withResource);
    settings =
        texts.with(
            settings,
            cpusPerNode,
            (s, text) -> s.withCpusPerNode(OptionTexts.number("cpus-per-node", text)));
    return texts.with(
        settings,
        slotPatience,
        (s, text) -> s.withSlotPatience(OptionTexts.seconds("slot-patience", text)));
  }

  /** The same for a job. */
  static BarrierSettings forJob(BarrierSettings settings, TrainingJob job) {
    DeviceType devices = job.resources().deviceType();
    return settings.resource().isPresent() || devices == DeviceType.CPU
        ? settings
        : settings.withResource(devices.name().toLowerCase(Locale.ROOT));
  }
}
