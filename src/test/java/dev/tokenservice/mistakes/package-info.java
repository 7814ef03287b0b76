/** Every mistake that {@code docs/troubleshooting.md} names, made against the running service. */
@org.jspecify.annotations.NullMarked
package dev.tokenservice.mistakes;
