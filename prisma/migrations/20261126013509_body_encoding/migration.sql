-- How a body is compressed; those that are here are deflated.
ALTER TABLE "delivery_bodies" ADD COLUMN "encoding" TEXT NOT NULL DEFAULT 'deflate-raw';

-- A body of up to 8 KB stays in its row: beside the table it is a second row, in a second index.
ALTER TABLE "delivery_bodies" SET (toast_tuple_target = 8160);
