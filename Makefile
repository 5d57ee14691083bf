# For those who like make; everything is in ./run.
.PHONY: serve setup test check clean
serve:
	./run
setup test check clean:
	./run $@
