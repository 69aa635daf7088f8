package io.millrace.jobs.cli;

import io.millrace.jobs.training.Backend;
import io.millrace.training.TrainingJob;
import java.util.ArrayList;
import java.util.List;

/** What a job says that a back end cannot heed. */
final class UnheededSettings {
  private UnheededSettings() {}

  /** Each with its value; empty if all is heeded. */
  static List<String> of(TrainingJob job, Backend backend) {
    List<String> unheeded = new ArrayList<>();
    boolean isVolcano = backend == Backend.VOLCANO;
    if (!isVolcano) {
      job.algorithm().image().ifPresent(image -> unheeded.add("image " + image));
    }
    job.resources().flavor().ifPresent(flavor -> unheeded.add("flavor " + flavor));
    if (backend == Backend.LOCAL || backend == Backend.SPARK) {
      job.resources().pool().ifPresent(pool -> unheeded.add("pool " + pool));
    }
    if (!isVolcano && job.resources().priority() != 1) {
      unheeded.add("priority " + job.resources().priority());
    }
    if (isVolcano) {
      job.nodeSettings().uid().ifPresent(uid -> unheeded.add("uid " + uid));
      job.nodeSettings().mounts().forEach(mount -> unheeded.add("mount " + mount.path()));
      job.logs().location().ifPresent(location -> unheeded.add("log-url " + location));
    }
    job.cloudSettings().forEach((key, value) -> unheeded.add(key + " " + value));
    return unheeded;
  }

  /** The same as a sentence's end. */
  static String place(Backend backend) {
    return switch (backend) {
      case LOCAL -> "on this machine";
      case SLURM -> "on Slurm";
      case VOLCANO -> "on Volcano";
      case SPARK -> "on Spark";
    };
  }
}
