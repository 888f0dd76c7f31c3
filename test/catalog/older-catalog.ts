/** Takes a catalog back to what a whosin of version 2 made: for every database. */
export const backToVersion2 = `
  drop table people_sums; drop table group_sums; drop table sightings; drop table written; drop table users; drop index photos_there; drop index photos_absent; drop index photos_taken; drop index photos_kind; drop index photos_recipe; drop index answers_named;
  drop index paths_photo; drop index paths_folder; drop index paths_gone; drop index paths_failed; drop index said_faces_was;
  create index photos_taken on photos (taken); create index paths_photo on paths (photo);
  drop index groups_nameless; drop index groups_suggested; drop index answers_confirmed; drop index groups_placed;
  alter table photos drop column faces; alter table photos drop column unknown; alter table groups drop column nameless; alter table groups drop column suggested;
  alter table people drop column confirmed; alter table people drop column automatic; alter table people drop column photos;
  alter table photos drop column absent; alter table groups drop column placed;
  alter table said drop column date; alter table people drop column born; alter table people drop column died;
  drop index paths_waiting; alter table paths drop column sha256; alter table paths drop column claimer;
  update meta set value = '2' where key = 'schema'`;
