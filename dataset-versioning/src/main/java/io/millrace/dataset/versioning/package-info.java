/** What versions of a dataset are and how they come about, free of any engine. */
package io.millrace.dataset.versioning;
