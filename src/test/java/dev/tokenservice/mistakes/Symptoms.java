package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import java.util.List;
import java.util.Optional;

/**
 * What a mistake shows to those who look.
 *
 * @param answer what the client gets; nothing where the service does not start, or nobody asks it
 * @param log the lines of the log, or those with which the start ends
 * @param diagnosis what doctor finds; nothing where it is not asked
 */
record Symptoms(Optional<Response> answer, List<String> log, Optional<Diagnosis> diagnosis) {}
