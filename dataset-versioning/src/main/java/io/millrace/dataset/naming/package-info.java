/** Names that people type, and what they may have meant by one that nobody knows. */
package io.millrace.dataset.naming;
