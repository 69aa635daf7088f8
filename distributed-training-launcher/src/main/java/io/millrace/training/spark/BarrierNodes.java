package io.millrace.training.spark;

import io.millrace.training.TrainingJob;
import io.millrace.training.gang.Allocation;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.NodeRequest;
import io.millrace.training.gang.NodeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Takes the tasks of a barrier stage for the nodes of a run. */
final class BarrierNodes implements NodeSource {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Nobody wants to be told of a wait that is over before it is read. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(5);

  private final JavaSparkContext spark;
  private final SparkSlots slots;
  private final BarrierSettings settings;
  private final Duration grace;

  BarrierNodes(JavaSparkContext spark, SparkSlots slots, BarrierSettings settings, Duration grace) {
    this.spark = spark;
    this.slots = slots;
    this.settings = settings;
    this.grace = grace;
  }

  @Override
  public Optional<Allocation> allocate(NodeRequest request)
      throws IOException, InterruptedException {
    Wait wait = new Wait(request);
    Optional<ResourceProfile> profile = slots.profileOf(request.run().job());
    if (!awaitSlots(request, profile, wait)) {
      return Optional.empty();
    }
    BarrierAttempt attempt = BarrierAttempt.start(spark, slots, settings, grace, request, profile);
    boolean given = false;
    try {
      while (request.isWanted().getAsBoolean()) {
        Optional<List<GangNode>> nodes = attempt.await(POLL);
        if (nodes.isPresent()) {
          given = true;
          return Optional.of(attempt);
        }
        wait.on(attempt.waitingFor());
      }
      return Optional.empty();
    } finally {
      if (!given) {
        attempt.close();
      }
    }
  }

  /**
   * Waits until the application could run all nodes if it had nothing else to do.
   *
   * @return false if they are no longer wanted
   */
  private boolean awaitSlots(NodeRequest request, Optional<ResourceProfile> profile, Wait wait)
      throws InterruptedException {
    TrainingJob job = request.run().job();
    long deadline = System.nanoTime() + settings.slotPatience().toNanos();
    while (request.isWanted().getAsBoolean()) {
      int there = slots.count(profile);
      if (there >= job.nodes()) {
        return true;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw slots.tooFew(job, there);
      }
      wait.on(
          "Waiting for %d slots of Spark (%s): it has %d so far"
              .formatted(job.nodes(), spark.master(), there));
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    }
    return false;
  }

  /** What is told while waiting. */
  private static final class Wait {
    private final NodeRequest request;
    private final long begin = System.nanoTime();
    private String told = "";

    Wait(NodeRequest request) {
      this.request = request;
    }

    void on(String what) {
      if (!what.equals(told) && System.nanoTime() - begin > WORTH_TELLING.toNanos()) {
        request.whyWaiting().accept(what);
        told = what;
      }
    }
  }
}
