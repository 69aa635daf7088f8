package io.millrace.jobs.training;

import io.millrace.dataset.DatasetRef;
import io.millrace.training.TrainingInput;

/** Finds the data that a job names by a dataset's version. */
@FunctionalInterface
public interface InputSource {

  /**
   * The input of that version.
   *
   * @throws io.millrace.dataset.DatasetException if there is no such version
   */
  TrainingInput ofVersion(String name, DatasetRef version);
}
