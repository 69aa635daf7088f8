/** The demo: data that it draws itself, and the whole loop run over it. */
package io.millrace.jobs.demo;
