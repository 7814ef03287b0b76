package dev.tokenservice;

import dev.tokenservice.configuration.StartProblem;
import dev.tokenservice.files.FileProblem;
import dev.tokenservice.files.FileReading;
import dev.tokenservice.server.ServerParts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for what a configuration names on this machine: its files, each read as the service reads it, and its addresses. */
final class StartProblems {

    private StartProblems() {}

    /** What is wrong with them. */
    static List<StartProblem> of(TokenServiceConfiguration settings, Clock clock) {
        return Stream.concat(files(settings, clock).stream().map(StartProblem::of), addresses(settings))
                .toList();
    }

    private static Stream<StartProblem> addresses(TokenServiceConfiguration settings) {
        return Stream.of(
                        settings.server.applicationHost(),
                        settings.server.adminHost(),
                        ServerParts.Tls.host(settings.authentication.tls()))
                .flatMap(host -> host.problem().map(problem -> new StartProblem(host.path(), problem)).stream());
    }

    private static List<FileProblem> files(TokenServiceConfiguration settings, Clock clock) {
        List<FileReading> readings = new ArrayList<>();
        settings.logging.fileReadings().forEach(reading -> readings.add(reading.in("logging")));
        settings.server
                .adminTls()
                .ifPresent(admin -> readings.add(admin.fileReading(clock).in("server")));
        settings.authentication
                .fileReadings(settings.tokens(clock), clock)
                .forEach(reading -> readings.add(reading.in("authentication")));
        settings.signing
                .fileReadings(settings.isIam(), settings.longestValidity(), clock)
                .forEach(reading -> readings.add(reading.in("signing")));
        if (settings.isIam()) {
            settings.google.fileReadings().forEach(reading -> readings.add(reading.in("google")));
        }
        return FileReading.problems(readings, clock);
    }
}
