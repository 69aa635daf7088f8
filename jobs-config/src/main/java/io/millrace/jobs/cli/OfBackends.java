package io.millrace.jobs.cli;

import io.millrace.jobs.training.Backend;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The back ends that heed an option of {@code train submit}; without it all of them do. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface OfBackends {
  Backend[] value();
}
