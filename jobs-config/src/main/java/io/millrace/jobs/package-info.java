/** The roof: the command line and the application jar, which know every job. */
package io.millrace.jobs;
