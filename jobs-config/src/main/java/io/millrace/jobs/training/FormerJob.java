package io.millrace.jobs.training;

import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.training.Algorithm;
import io.millrace.training.LogKeeping;
import io.millrace.training.TrainingJob;
import java.util.Locale;
import java.util.Optional;

/** Says again what a job says that exists. */
final class FormerJob {
  private final TrainingDraft draft = new TrainingDraft();
  private final Place place;

  private FormerJob(TrainingJob job) {
    this.place = new Place("former job %s: ".formatted(job.name()));
  }

  static TrainingDraft draftOf(TrainingJob job) {
    FormerJob former = new FormerJob(job);
    former.sayAlgorithm(job);
    former.sayResources(job);
    former.sayNodeSettings(job);
    former.sayLife(job);
    former.sayData(job);
    return former.draft;
  }

  private void sayAlgorithm(TrainingJob job) {
    say(TrainingKeys.NAME, job.name());
    if (!job.description().isEmpty()) {
      say(TrainingKeys.DESCRIPTION, job.description());
    }
    say(TrainingKeys.EXPERIMENT, job.experiment());
    say(TrainingKeys.CODE_DIR, job.code());
    say(TrainingKeys.BOOT_FILE, job.bootFile());
    if (job.algorithm() instanceof Algorithm.UserCommand user) {
      say(TrainingKeys.USER_COMMAND, user.command());
    }
    say(TrainingKeys.IMAGE, job.algorithm().image());
    say(TrainingKeys.FRAMEWORK, word(job.framework()));
  }

  private void sayResources(TrainingJob job) {
    say(TrainingKeys.NODES, job.nodes());
    say(TrainingKeys.DEVICES, job.devicesPerNode());
    say(TrainingKeys.DEVICE_TYPE, word(job.resources().deviceType()));
    say(TrainingKeys.FLAVOR, job.resources().flavor());
    say(TrainingKeys.POOL, job.resources().pool());
    say(TrainingKeys.PRIORITY, job.resources().priority());
    say(TrainingKeys.LAUNCH, job.layout().displayName());
    say(TrainingKeys.MODE, word(job.mode()));
  }

  private void sayNodeSettings(TrainingJob job) {
    say(TrainingKeys.LOCAL_CODE_DIR, job.nodeSettings().localCodeDirectory());
    say(TrainingKeys.WORKING_DIR, job.nodeSettings().workingDirectory());
    job.nodeSettings().uid().ifPresent(uid -> say(TrainingKeys.UID, uid));
    job.nodeSettings().mounts().forEach(mount -> draft.mount(() -> mount, place));
  }

  private void sayLife(TrainingJob job) {
    job.logs().location().ifPresent(location -> say(TrainingKeys.LOG_URL, location.value()));
    if (job.logs().retention() == LogKeeping.Retention.PERMANENT) {
      say(TrainingKeys.KEEP_LOGS, true);
    }
    job.autoStop().ifPresent(time -> say(TrainingKeys.AUTO_STOP, time.toHours()));
    say(TrainingKeys.RETRIES, job.retries());
    job.notifications()
        .forEach(each -> draft.notification(each.url().toString(), () -> each, place));
    job.cloudSettings().forEach(draft::cloudSetting);
  }

  private void sayData(TrainingJob job) {
    job.inputs().forEach(each -> draft.input(each.name(), () -> each, place));
    job.outputs().forEach(each -> draft.output(each.name(), () -> each, place));
    job.parameters().forEach(each -> draft.parameter(each.name(), () -> each, place));
    job.environment().forEach((name, value) -> draft.environment(name, value, place));
  }

  private void say(TrainingKeys key, Optional<?> value) {
    value.ifPresent(said -> say(key, said));
  }

  private void say(TrainingKeys key, Object value) {
    draft.say(key, value.toString(), place);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
