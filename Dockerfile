# The image of the service: a Java runtime with the modules that it uses, the jar, and the archive of its classes that
# shortens the start. Nothing in it has to be writable but /tmp, and that only for faster signatures.
#
# Pin the base images by digest where builds have to be repeatable, for example
#   docker build --build-arg BUILD_IMAGE=maven@sha256:… --build-arg RUNTIME_IMAGE=debian@sha256:… .
# A JDK 25 with Maven, and Debian or Ubuntu with glibc: the native signatures do not load on musl.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUNTIME_IMAGE=debian:12-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
RUN ["mvn", "-B", "verify"]
# What jdeps finds in the jar, without what none of it is used for; and the recorder, for operators.
RUN ["jlink", "--output", "/opt/jre", "--no-header-files", "--no-man-pages", "--generate-cds-archive", "--add-modules", \
     "java.base,java.desktop,java.instrument,java.management,java.naming,java.security.jgss,java.sql,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.net,jdk.unsupported"]

# In the image where it will be used, and at the path: an archive is good for this very jar and this very Java.
FROM ${RUNTIME_IMAGE} AS archive
ENV JAVA_HOME=/opt/jre
COPY --from=build /opt/jre /opt/jre
WORKDIR /opt/token-service
COPY --from=build /build/target/token-service.jar /build/config.yml /build/ops/image/jvm.options ./
COPY scripts/train-archive /usr/local/bin/
RUN ["train-archive", "/opt/token-service"]

FROM ${RUNTIME_IMAGE}
COPY --from=build /opt/jre /opt/jre
COPY --from=archive /opt/token-service /opt/token-service
WORKDIR /opt/token-service
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["/opt/jre/bin/java", "@jvm.options", "-XX:AOTCache=token-service.aot", "-jar", "token-service.jar"]
CMD ["server", "config.yml"]
