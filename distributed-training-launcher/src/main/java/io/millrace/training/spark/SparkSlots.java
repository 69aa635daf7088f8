package io.millrace.training.spark;

import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.ResourceProfileManager;
import org.apache.spark.resource.TaskResourceRequests;

/** How many nodes a Spark application has room for. A slot is room for one. */
final class SparkSlots {
  private final JavaSparkContext spark;
  private final BarrierSettings settings;

  SparkSlots(JavaSparkContext spark, BarrierSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** What keeps a job from being run by this application, whatever executors it gets. */
  List<String> problemsOf(TrainingJob job) {
    List<String> problems = new ArrayList<>();
    SparkConf configuration = spark.getConf();
    if (configuration.getBoolean("spark.dynamicAllocation.enabled", false)) {
      problems.add(
          "Spark has no barrier stages with dynamic allocation. Start the application with spark.dynamicAllocation.enabled=false and a fixed number of executors.");
    }
    settings
        .resource()
        .ifPresent(
            name -> {
              int given = configuration.getInt("spark.executor.resource." + name + ".amount", 0);
              if (given < job.devicesPerNode()) {
                problems.add(
                    "A node of the job needs %d %s, and an executor of the Spark application has %d. Give fewer devices, or start the application with spark.executor.resource.%s.amount=%d and workers that have as many."
                        .formatted(job.devicesPerNode(), name, given, name, job.devicesPerNode()));
              }
            });
    return problems;
  }

  /**
   * What each node of a job takes of an executor, if that is not what every task of the application
   * takes.
   */
  Optional<ResourceProfile> profileOf(TrainingJob job) {
    if (settings.resource().isEmpty() && settings.cpusPerNode().isEmpty()) {
      return Optional.empty();
    }
    TaskResourceRequests requests = new TaskResourceRequests();
    settings.cpusPerNode().ifPresent(requests::cpus);
    settings.resource().ifPresent(name -> requests.resource(name, job.devicesPerNode()));
    ResourceProfile profile = new ResourceProfileBuilder().require(requests).build();
    profiles().addResourceProfile(profile);
    return Optional.of(profile);
  }

  /** Slots of the executors that are there, free or not. */
  int count(Optional<ResourceProfile> profile) {
    return spark
        .sc()
        .maxNumConcurrentTasks(profile.orElseGet(() -> profiles().defaultResourceProfile()));
  }

  /** Hosts of the executors and of the driver, as Spark names them. */
  List<String> hosts() {
    List<String> hosts = new ArrayList<>();
    for (SparkExecutorInfo executor : spark.sc().statusTracker().getExecutorInfos()) {
      hosts.add(executor.host());
    }
    return hosts.stream().distinct().sorted().toList();
  }

  TrainingException tooFew(TrainingJob job, int slots) {
    return new TrainingException(
        "Spark (%s) has %d slots for %d nodes, a slot being %s of one executor. Give fewer nodes, or start the application with more or larger executors."
            .formatted(spark.master(), slots, job.nodes(), slotOf(job)));
  }

  private String slotOf(TrainingJob job) {
    int cpus = settings.cpusPerNode().orElseGet(() -> spark.getConf().getInt("spark.task.cpus", 1));
    return "%d cpu".formatted(cpus)
        + settings
            .resource()
            .map(name -> " and %d %s".formatted(job.devicesPerNode(), name))
            .orElse("");
  }

  private ResourceProfileManager profiles() {
    return spark.sc().resourceProfileManager();
  }
}
