package dev.tokenservice;

import dev.tokenservice.files.FileProblem;
import dev.tokenservice.files.FileReading;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Reads the files of start-up, each as the service reads it. */
final class StartFiles {

    private StartFiles() {}

    /** What is wrong with the files of a configuration. */
    static List<FileProblem> problems(TokenServiceConfiguration settings, Clock clock) {
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
